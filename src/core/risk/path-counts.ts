// Path rules of `features@1`: what a touched file is about, by its name. They feed policy rules, not the score.
const topics = {
  p_auth:
    /auth|login|session|oauth|oidc|saml|sso|jwt|permission|rbac|acl|polic(?:y|ies)|access.?control|password|credential|account|identity|tenant|role/i,
  p_crypto:
    /crypt|cipher|hash|sign(?:ature|ing|er)|\btls|ssl|cert|x509|key.?(?:store|ring|pair)|hmac|random|nonce/i,
  p_secret: /secret|vault|\.env|credential|token|\.pem$|\.key$/i,
  p_ci: /^\.github\/(?:workflows|actions)\/|^\.gitlab-ci|^\.circleci\/|Jenkinsfile|azure-pipelines|^\.buildkite\/|^\.drone|^\.ci\//i,
  p_iac:
    /dockerfile|docker-compose|\.tf$|(?:^|\/)(?:helm|k8s|kubernetes|charts?|terraform|ansible|deploy(?:ment)?s?)\/|\.bicep$/i,
  p_migr: /migrations?\/|schema\.(?:prisma|sql)|\.sql$|alembic|flyway|liquibase/i,
  p_deps:
    /(?:^|\/)(?:package\.json|go\.mod|Cargo\.toml|pyproject\.toml|requirements[^/]*\.txt|setup\.(?:py|cfg)|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|[^/]*\.csproj|Directory\.Packages\.props)$/i,
  p_lock:
    /(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|go\.sum|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|packages\.lock\.json)$/i,
  p_api:
    /(?:^|\/)(?:api|routes?|controllers?|handlers?|endpoints?|graphql|rpc|proto)\/|\.proto$|openapi|swagger/i,
  p_db: /(?:^|\/)(?:db|database|dao|repositor(?:y|ies)|models?|storage|store|persistence|queries)\/|sql/i,
  p_conf: /\.(?:ya?ml|toml|json|ini|cfg|conf|properties)$/i,
} as const satisfies Record<string, RegExp>;

export type PathTopic = keyof typeof topics;

/** How many of the paths belong to each topic; generated files count too, since a lock file is one. */
export function countPathTopics(paths: Iterable<string>): Record<PathTopic, number> {
  const counts = {
    p_auth: 0,
    p_crypto: 0,
    p_secret: 0,
    p_ci: 0,
    p_iac: 0,
    p_migr: 0,
    p_deps: 0,
    p_lock: 0,
    p_api: 0,
    p_db: 0,
    p_conf: 0,
  };
  for (const path of paths) {
    for (const topic of topicNames) if (topics[topic].test(path)) counts[topic] += 1;
  }
  return counts;
}

const topicNames = Object.keys(topics) as PathTopic[];
