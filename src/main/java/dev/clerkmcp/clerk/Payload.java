package dev.clerkmcp.clerk;

import java.util.Set;

/** How the arguments that are not in the path reach Clerk. */
public sealed interface Payload {
  /** In the query string; a list is a repeated key, but for those joined by commas. */
  record Query(Set<String> joined) implements Payload {
    public Query {
      joined = Set.copyOf(joined);
    }
  }

  /** Not at all: the request has no body. */
  record Empty() implements Payload {}

  /** As the properties of a JSON object. */
  record JsonObject() implements Payload {}

  /** The value of one argument is the whole JSON body: three operations take an array. */
  record JsonValue(String argument) implements Payload {}

  /** As the fields of a multipart form; one argument is the path of the image in it. */
  record Form(String imageArgument) implements Payload {}
}
