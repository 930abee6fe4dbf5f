package dev.clerkmcp.clerk;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the arguments that are not in the path reach Clerk. */
public sealed interface Payload {
  /** In the query string; a list is a repeated key, but for those joined by commas. */
  record Query(Set<String> joined) implements Payload {
    public Query {
      joined = Set.copyOf(joined);
    }

    // Written out, as in Endpoint.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Query query && query.joined.equals(joined);
    }

    @Override
    public int hashCode() {
      return joined.hashCode();
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
