import { Link } from '@tanstack/react-router';
import { Tabs } from '../kit/tabs.tsx';

/** What reached its branch, and what is to. */
export function ChangesTabs() {
  return (
    <Tabs label="Changes and pull requests">
      <Link to="/changes" activeOptions={{ exact: true, includeSearch: false }}>
        Landed
      </Link>
      <Link to="/changes/pull-requests" activeOptions={{ exact: true, includeSearch: false }}>
        Pull requests
      </Link>
    </Tabs>
  );
}
