/** Every key leads with the tenant, so that tenants can be sharded; there is one so far. */
export const tenant = 1;
