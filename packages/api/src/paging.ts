import { type Static, Type } from "typebox";

/** Every list comes in pages: `next` is what the next request gives as `cursor`, null where nothing follows. A cursor says
 *  after which item a page begins, so that what is added in between neither repeats nor hides anything. */
export const Paging = Type.Object({
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 160, description: "`next` of the page before" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "items on one page" })),
});
export type Paging = Static<typeof Paging>;

export const Next = Type.Union([Type.String(), Type.Null()], { description: "cursor of the next page; null: nothing follows" });
