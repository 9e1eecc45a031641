/** A store that cannot be used as it is, in words for whoever looks after the machine. */
export class StoreUnusable extends Error {
  override readonly name: string = 'StoreUnusable';
}

/** The folder is none that a store may be in: whoever named it named another one than they meant. Nothing in it was touched. */
export class NotAStore extends StoreUnusable {
  override readonly name = 'NotAStore';
}
