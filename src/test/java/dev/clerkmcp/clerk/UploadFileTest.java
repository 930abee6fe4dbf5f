package dev.clerkmcp.clerk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which files are accepted as images. */
final class UploadFileTest {
  private static final long LARGEST = 10_000_000;
  private static final String NO_IMAGE = "is not a JPEG, PNG, GIF or WebP image";

  private final Path folder;

  UploadFileTest(@TempDir Path folder) throws IOException {
    this.folder = folder.toRealPath();
  }

  @ParameterizedTest
  @CsvSource({
    "jpeg, image/jpeg",
    "png, image/png",
    "gif, image/gif",
    "webp lossless, image/webp",
    "webp lossy, image/webp",
    "webp extended, image/webp",
  })
  void contentDecidesTheType(String format, String mediaType) throws IOException {
    byte[] bytes = image(format);
    UploadFile image = UploadFile.of(file(bytes).toString());
    assertThat(image.mediaType()).isEqualTo(mediaType);
    assertThat(image.bytes()).isEqualTo(bytes);
    assertThat(image.path()).isEqualTo(folder.resolve("image"));
  }

  /** The first bytes of an image, and then something else. */
  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "webp lossless", "webp lossy", "webp extended"})
  void firstBytesAreNotEnough(String format) throws IOException {
    byte[] image = image(format);
    String script = "<script>alert(1)</script>".repeat(9);
    for (int kept : new int[] {2, 4, 6, 8, 12}) {
      byte[] head = Arrays.copyOf(image, kept);
      assertRefused(file(head).toString(), NO_IMAGE);
      assertRefused(file(new String(head, ISO_8859_1) + script).toString(), NO_IMAGE);
      assertRefused(file(new String(head, ISO_8859_1) + "\0".repeat(50)).toString(), NO_IMAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PNG",
        "GIF90a",
        "RIFF....WAVE",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "CLERK_SECRET_KEY=sk_test_notarealkey",
      })
  void otherContentIsRejected(String content) throws IOException {
    assertRefused(file(content).toString(), NO_IMAGE);
  }

  @Test
  void damagedHeaderIsRejected() throws IOException {
    byte[] image = image("png");
    image[17]++; // the checksum no longer fits
    assertRefused(file(image).toString(), NO_IMAGE);
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

  /** A link that leads nowhere must get the same answer as one to a file. */
  @Test
  void linkOnTheWayIsRejected() throws IOException {
    Path image = file(image("png"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), image);
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("missing"));
    Path inFolder = Files.createSymbolicLink(folder.resolve("folder"), folder).resolve("image");
    for (Path path : new Path[] {link, nowhere, inFolder}) {
      assertRefused(
          path.toString(),
          "is reached through a symbolic link, which is not followed; put the image itself there");
    }
  }

  @Test
  void invalidPathIsRejected() {
    assertRefused("logo\0.png", "is not a valid path on this computer");
  }

  private static void assertRefused(String file, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> UploadFile.of(file)).withMessage(message);
  }

  private static byte[] image(String format) throws IOException {
    return switch (format) {
      case "webp lossless" ->
          Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
      case "webp lossy" ->
          Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
      case "webp extended" ->
          Base64.getDecoder()
              .decode(
                  "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==");
      default -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), format, bytes);
        yield bytes.toByteArray();
      }
    };
  }

  private Path file(String content) throws IOException {
    return file(content.getBytes(ISO_8859_1));
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("image"), content);
  }

  private Path gifOf(long bytes) throws IOException {
    Path file = file(image("gif"));
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    return file;
  }
}
