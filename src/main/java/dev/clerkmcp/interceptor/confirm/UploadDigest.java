package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.clerk.UploadFile;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.QuotedText;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the content of a file that a request sends, so that another content is not sent in its
 * place.
 *
 * @param name the name without the folder
 * @param bytes the size
 */
record UploadDigest(String name, long bytes, String sha256) {
  /** Reads the file of a request; null if it sends none. */
  static @Nullable UploadDigest find(ClerkRequest request) {
    if (!(request.endpoint().payload() instanceof Payload.Form form)) {
      return null;
    }
    UploadFile file = UploadFile.of(request.arguments().path(form.imageArgument()).asText());
    byte[] content = file.bytes();
    return new UploadDigest(
        file.path().getFileName().toString(), content.length, Fingerprint.digest(content));
  }

  ObjectNode toJson() {
    return Json.object().put("name", name).put("bytes", bytes).put("sha256", sha256);
  }

  /** For a question: {@code "ada.png", 2048 bytes, SHA-256 ...}. */
  @Override
  public String toString() {
    return "%s, %s bytes, SHA-256 %s".formatted(QuotedText.whole(name), bytes, sha256);
  }
}
