import { IconCheck, IconPlugConnectedX } from '@tabler/icons-react';
import { useApi } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { Sign } from '../kit/signs.tsx';
import { Loaded, LoadingBlock } from '../kit/states.tsx';
import classes from './settings.module.css';

/** Where evidence comes from, and from where it does not come yet; what is missing is never drawn as a pass. */
export function CaptureList() {
  const settings = useApi('getSettings');
  return (
    <Section
      title="Capture"
      meta="Where evidence comes from, and what each further source would bring"
      id="capture"
    >
      <Panel>
        <Loaded query={settings} loading={<LoadingBlock height={230} />}>
          {({ capture }) => (
            <ul className={classes.capture}>
              {capture.map(({ id, name, state, detail }) => (
                <li key={id}>
                  <strong>
                    <HostileText text={name} />
                  </strong>
                  <span>
                    {state === 'connected' ? (
                      <Sign tone="green" icon={IconCheck}>
                        Connected
                      </Sign>
                    ) : (
                      <Sign tone="grey" icon={IconPlugConnectedX}>
                        Not connected
                      </Sign>
                    )}
                  </span>
                  <span className="dimmed">
                    <HostileText text={detail} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Section>
  );
}
