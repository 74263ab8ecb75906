// The reason why a runtime cannot run on this machine. The matrix prints it.

export class Skip extends Error {}
