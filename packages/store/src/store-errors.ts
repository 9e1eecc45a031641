/** The store cannot be used as it is. The message is for the people who maintain the machine. */
export class StoreUnusable extends Error {
  override readonly name: string = 'StoreUnusable';
}

/** The folder cannot be a store: the configured root is probably wrong. Nothing in it was touched. */
export class NotAStore extends StoreUnusable {
  override readonly name = 'NotAStore';
}
