/** Paths of pages that other pages lead to. */
export const FLEET_PATH = '/';
export const LOGIN_PATH = '/login';
/** Where the issuer sends a browser back to: it is registered there. */
export const CALLBACK_PATH = '/callback';
export const LOGOUT_PATH = '/logout';

/** The field of a form that holds the visitor's token. */
export const CSRF_FIELD = 'csrfToken';
