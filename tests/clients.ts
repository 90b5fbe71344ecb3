// A search as an app developer writes it, against the types generated from the OpenAPI document.
// tests/clients compiles it; nothing runs it.
import type { paths } from "./v1";

type Search = paths["/v1/programs"]["get"];
type Query = NonNullable<Search["parameters"]["query"]>;
type Page = Search["responses"][200]["content"]["application/json"];
type Program = Page["data"][number];

async function search(query: Query): Promise<Page> {
  const url = new URL("/v1/programs", "https://directory.example");
  for (const [name, value] of Object.entries(query)) {
    url.searchParams.set(name, String(value));
  }
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`search answered ${response.status}`);
  }
  return response.json();
}

export async function nearby(near: string, topic: Query["topic"]): Promise<Program[]> {
  const page = await search({ near, topic, limit: 5 });
  return page.data;
}

// The types say no to what the API would refuse.
// @ts-expect-error there is no parameter of this name
export const misspelled: Query = { neer: "97214" };
// @ts-expect-error a limit is a number
export const mistyped: Query = { limit: "five" };
