package dev.clerkmcp;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads Clerk's OpenAPI file with what Clerk's API has besides: {@code newer-than-openapi.yml}
 * lists that with its sources.
 */
public final class ClerkOpenApi {
  private ClerkOpenApi() {}

  /** The file with the newer parts. */
  public static JsonNode read(Path yaml) throws IOException {
    JsonNode file = new YAMLMapper().readTree(yaml.toFile());
    for (Map.Entry<String, JsonNode> added : newer().properties()) {
      JsonPointer place = JsonPointer.compile(added.getKey());
      if (!(file.at(place.head()) instanceof ObjectNode parent)) {
        throw new IllegalStateException("The file has no " + place.head());
      }
      parent.set(place.last().getMatchingProperty(), added.getValue());
    }
    return file;
  }

  /** The newer parts that the file itself has. */
  public static List<String> outdated(Path yaml) throws IOException {
    JsonNode file = new YAMLMapper().readTree(yaml.toFile());
    List<String> outdated = new ArrayList<>();
    for (Map.Entry<String, JsonNode> added : newer().properties()) {
      if (!file.at(added.getKey()).isMissingNode()) {
        outdated.add(added.getKey());
      }
    }
    return outdated;
  }

  private static JsonNode newer() throws IOException {
    try (InputStream newer = ClerkOpenApi.class.getResourceAsStream("newer-than-openapi.yml")) {
      return new YAMLMapper().readTree(Objects.requireNonNull(newer));
    }
  }
}
