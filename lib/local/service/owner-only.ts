/** The mode of folders with what was learnt of an organisation: nobody else on this machine needs to read it. */
export const OWNER_ONLY = 0o700;
