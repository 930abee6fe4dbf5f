package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.util.Set;

/** The file of an upload, of which the sandbox keeps only that there was one. */
final class UploadedImage {
  private static final Set<String> TYPES =
      Set.of("image/gif", "image/jpeg", "image/png", "image/webp");

  private UploadedImage() {}

  /** Refuses, with status 400, what is none of the kinds of images that Clerk takes. */
  static void check(ApiRequest call) {
    if (!TYPES.contains(call.fields().path("file").asText())) {
      throw ApiError.of(
          400, "request_body_invalid", "file must be a GIF, JPEG, PNG or WebP image.");
    }
  }
}
