package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
public record UploadDigest(String name, long bytes, String sha256) {
  /** Reads the file that a planned request would send; null if it sends none. */
  public static @Nullable UploadDigest ofPlanned(ClerkRequest request) {
    return of(request.readImage()); // not kept: the plan may wait for a person
  }

  /** The file that a request sends now; null if it sends none. */
  public static @Nullable UploadDigest ofSent(ClerkRequest request) {
    return of(request.image());
  }

  private static @Nullable UploadDigest of(@Nullable UploadFile file) {
    if (file == null) {
      return null;
    }
    byte[] content = file.bytes();
    return new UploadDigest(
        file.path().getFileName().toString(), content.length, Fingerprint.digest(content));
  }

  public ObjectNode toJson() {
    return Json.object().put("name", name).put("bytes", bytes).put("sha256", sha256);
  }

  /** For a question: {@code "ada.png", 2048 bytes, SHA-256 ...}. */
  @Override
  public String toString() {
    return "%s, %s bytes, SHA-256 %s".formatted(QuotedText.whole(name), bytes, sha256);
  }
}
