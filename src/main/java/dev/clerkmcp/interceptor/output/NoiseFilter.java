package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What every answer does without, and what in it is nobody's business to change. */
final class NoiseFilter {
  /** Addresses of pictures; a model cannot see them, and each costs it 50 tokens. */
  private static final Set<String> IMAGES =
      Set.of(
          "avatar_url",
          "client_image_url",
          "image_url",
          "logo_public_url",
          "logo_url",
          "picture",
          "profile_image_url");

  private NoiseFilter() {}

  /** Whether a field says nothing. */
  static boolean isNothing(JsonNode value) {
    return value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty());
  }

  /** Whether a field is left out wherever it stands and is not asked for. */
  static boolean isNoise(String field) {
    return field.equals("object") || field.equals("has_image") || IMAGES.contains(field);
  }

  /** Whether the instance's people chose the names in it, so that each value means something. */
  static boolean isTheirOwn(String field) {
    return field.endsWith("metadata") || field.equals("claims") || field.equals("actor");
  }
}
