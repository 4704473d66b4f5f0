import { IconAlertTriangle, IconCheck, IconLock, IconWorld } from '@tabler/icons-react';
import type { Settings } from '../../../src/contract/door.ts';
import { useApi } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { bytesText } from '../kit/num.tsx';
import { KeyValue, Panel, Section } from '../kit/page.tsx';
import { Sign } from '../kit/signs.tsx';
import { Loaded, LoadingBlock } from '../kit/states.tsx';
import classes from './settings.module.css';

/** Under this the next imports may not find room. */
const littleSpace = 2_000_000_000;

export function Installation() {
  const settings = useApi('getSettings');
  return (
    <Section title="Installation" id="installation">
      <Panel>
        <Loaded query={settings} loading={<LoadingBlock height={230} />}>
          {(loaded) => (
            <KeyValue
              items={[
                ['Reentry', `version ${loaded.version}, on Node.js ${loaded.node}`],
                ['Database', <Database key="database" database={loaded.database} />],
                ['Data folder', <HostileText key="folder" text={loaded.dataFolder} mono />],
                ['Free space', <FreeSpace key="space" bytes={loaded.freeBytes} />],
                ['Addresses', <Addresses key="addresses" settings={loaded} />],
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Section>
  );
}

function Database({ database }: { readonly database: Settings['database'] }) {
  const { kind, version, ok } = database;
  return (
    <span className={classes.inline}>
      PostgreSQL {version}, {kind === 'embedded' ? 'embedded' : 'named in DATABASE_URL'}
      {ok ? (
        <Sign tone="green" icon={IconCheck}>
          Answers
        </Sign>
      ) : (
        <Sign tone="red" icon={IconAlertTriangle}>
          Does not answer
        </Sign>
      )}
    </span>
  );
}

function FreeSpace({ bytes }: { readonly bytes: number | null }) {
  if (bytes === null) return <span className="dimmed">not known</span>;
  return (
    <span className={classes.inline}>
      {bytesText(bytes)}
      {bytes < littleSpace && (
        <Sign tone="amber" icon={IconAlertTriangle}>
          Little space left
        </Sign>
      )}
    </span>
  );
}

function Addresses({ settings }: { readonly settings: Settings }) {
  return (
    <span className={classes.inline}>
      {settings.addresses.map((address) => (
        <HostileText key={address} text={address} mono />
      ))}
      {settings.loopbackOnly ? (
        <Sign tone="blue" icon={IconLock} title="Until somebody has signed in">
          This machine only
        </Sign>
      ) : (
        <Sign tone="grey" icon={IconWorld}>
          As configured
        </Sign>
      )}
    </span>
  );
}
