package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which files are accepted as images. */
final class UploadFileTest {
  private static final long LARGEST = 10_000_000;

  private final Path folder;

  UploadFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource({
    "'\u00ff\u00d8\u00ff\u00e0', image/jpeg",
    "'\u0089PNG\r\n\u001a\n', image/png",
    "GIF87a, image/gif",
    "GIF89a, image/gif",
    "RIFF....WEBP, image/webp",
  })
  void firstBytesDecideTheType(String head, String mediaType) throws IOException {
    Path file = file(head + "the rest");
    assertThat(UploadFile.of(file.toString())).isEqualTo(new UploadFile(file, mediaType));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u00ff\u00d8",
        "PNG",
        "GIF90a",
        "RIFF....WAVE",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "CLERK_SECRET_KEY=sk_test_notarealkey",
      })
  void otherContentIsRejected(String content) throws IOException {
    assertRefused(file(content).toString(), "is not a JPEG, PNG, GIF or WebP image");
  }

  @Test
  void largestFileIsAccepted() throws IOException {
    assertThat(UploadFile.of(gifOf(LARGEST).toString()).mediaType()).isEqualTo("image/gif");
  }

  @Test
  void largerFileIsRejected() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UploadFile.of(gifOf(LARGEST + 1).toString()))
        .withMessageMatching("has 10.?000.?001 bytes; Clerk takes images of 10 MB at most");
  }

  @Test
  void missingFileIsRejected() {
    assertRefused(
        folder.resolve("missing.png").toString(),
        "does not exist on the computer that runs this server; give the absolute path of a file");
  }

  @Test
  void folderIsRejected() {
    assertRefused(
        folder.toString(),
        "does not exist on the computer that runs this server; give the absolute path of a file");
  }

  @Test
  void invalidPathIsRejected() {
    assertRefused("logo\0.png", "is not a valid path on this computer");
  }

  private static void assertRefused(String file, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> UploadFile.of(file)).withMessage(message);
  }

  private Path file(String content) throws IOException {
    return Files.write(folder.resolve("image"), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Path gifOf(long bytes) throws IOException {
    Path file = file("GIF89a");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    return file;
  }
}
