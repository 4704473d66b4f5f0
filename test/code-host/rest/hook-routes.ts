import { Refusal } from '../kernel.ts';
import type { Hook, Json } from '../model.ts';
import type { Delivery } from '../webhooks/webhooks.ts';
import {
  type Answer,
  numberOf,
  ofRepository,
  ok,
  optionalText,
  type RestRequest,
  type Route,
  requireApp,
} from './route.ts';

/** Deliveries of the app's own webhook, and of a repository's. */
export const hookRoutes: readonly Route[] = [
  { method: 'GET', path: '/app/hook/config', handle: (request) => ok(configView(requireApp(request).hook)) },
  {
    method: 'PATCH',
    path: '/app/hook/config',
    handle: (request) => {
      const { hook } = requireApp(request);
      hook.url = optionalText(request.body, 'url') ?? hook.url;
      hook.secret = optionalText(request.body, 'secret') ?? hook.secret;
      return ok(configView(hook));
    },
  },
  {
    method: 'GET',
    path: '/app/hook/deliveries',
    handle: (request) => list(request, requireApp(request).hook),
  },
  {
    method: 'GET',
    path: '/app/hook/deliveries/{delivery_id}',
    handle: (request) => ok(fullView(find(request, requireApp(request).hook))),
  },
  {
    method: 'POST',
    path: '/app/hook/deliveries/{delivery_id}/attempts',
    handle: (request) => redeliver(request, requireApp(request).hook),
  },
  ofRepository('GET', '/hooks/{hook_id}/deliveries', ['repository_hooks', 'read'], (request) =>
    list(request, repositoryHook(request)),
  ),
  ofRepository('GET', '/hooks/{hook_id}/deliveries/{delivery_id}', ['repository_hooks', 'read'], (request) =>
    ok(fullView(find(request, repositoryHook(request)))),
  ),
  ofRepository(
    'POST',
    '/hooks/{hook_id}/deliveries/{delivery_id}/attempts',
    ['repository_hooks', 'write'],
    (request) => redeliver(request, repositoryHook(request)),
  ),
];

function repositoryHook({ kernel, parameters, ...request }: RestRequest): Hook {
  const hook = kernel.hooks.get(numberOf(parameters.hook_id));
  const id = kernel.findRepository(`${parameters.owner}/${parameters.repo}`)?.id;
  if (hook?.of.kind !== 'repository' || hook.of.repositoryId !== id || request.requester.kind === 'anonymous')
    throw new Refusal(404, 'Not Found');
  return hook;
}

/** Newest first, by cursor instead of by page: as GitHub does it here. */
function list(request: RestRequest, hook: Hook): Answer {
  const { url, webhooks, kernel } = request;
  const perPage = Math.min(100, Number(url.searchParams.get('per_page') ?? 30) || 30);
  const cursor = Number(url.searchParams.get('cursor') ?? Number.POSITIVE_INFINITY);
  const status = url.searchParams.get('status');
  const isWanted = ({ statusCode }: Delivery) =>
    status === null || (status === 'success') === (statusCode >= 200 && statusCode < 300);
  const rest = webhooks.of(hook).filter((delivery) => delivery.id <= cursor && isWanted(delivery));
  const next = rest[perPage];
  if (next === undefined) return ok(rest.map(view));
  const to = new URL(url);
  to.searchParams.set('cursor', String(next.id));
  const link = `<${kernel.api(`${to.pathname.slice(1)}${to.search}`)}>; rel="next"`;
  return { status: 200, body: rest.slice(0, perPage).map(view), headers: { Link: link } };
}

function find({ webhooks, parameters }: RestRequest, hook: Hook): Delivery {
  const id = numberOf(parameters.delivery_id);
  const delivery = webhooks.of(hook).find((one) => one.id === id);
  if (!delivery) throw new Refusal(404, 'Not Found');
  return delivery;
}

function redeliver(request: RestRequest, hook: Hook): Answer {
  request.webhooks.redeliver(find(request, hook).id);
  return { status: 202, body: {} };
}

function configView({ url }: Hook): Json {
  return { content_type: 'json', insecure_ssl: '0', url, secret: '********' };
}

function view(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function fullView(delivery: Delivery): Json {
  return {
    ...view(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.body) },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
