import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';

interface AccountLabelProps {
  readonly accountId: string;
  readonly accountName: string | null;
}

/** An account by name and id; ids stay with names, which two accounts can share. */
export function AccountLabel({ accountId, accountName }: AccountLabelProps) {
  return (
    <span class="account">
      {accountName === null ? <Absent reason="name not known" /> : <ForeignText text={accountName} />}{' '}
      <span class="id">
        <ForeignText text={accountId} />
      </span>
    </span>
  );
}
