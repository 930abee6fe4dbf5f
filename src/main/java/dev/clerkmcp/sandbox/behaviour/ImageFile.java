package dev.clerkmcp.sandbox.behaviour;

import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import java.util.Set;

/** The file of an upload, of which the sandbox keeps only that there was one. */
final class ImageFile {
  private static final Set<String> TYPES =
      Set.of("image/gif", "image/jpeg", "image/png", "image/webp");

  private ImageFile() {}

  /** Refuses, with status 400, what is none of the kinds of images that Clerk takes. */
  static void check(Call call) {
    if (!TYPES.contains(call.fields().path("file").asText())) {
      throw Refusal.of(400, "request_body_invalid", "file must be a GIF, JPEG, PNG or WebP image.");
    }
  }
}
