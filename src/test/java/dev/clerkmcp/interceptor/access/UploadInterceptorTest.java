package dev.clerkmcp.interceptor.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.clerkmcp.CommandLineCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which images hosts and the command line may upload, through the whole chain. */
final class UploadInterceptorTest {
  private static final Caller COMMAND_LINE = new CommandLineCaller(Caller.Consent.NONE);

  private static final String TOOL = "clerk_user_image_upload";
  private static final byte[] PIXEL =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==");

  private final SandboxCalls sandbox = SandboxCalls.seeded(1, 3);
  private final Path folder;
  private final Path uploads;
  private String user = "";
  private String before = "";

  UploadInterceptorTest(@TempDir Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.uploads = Files.createDirectory(this.folder.resolve("uploads"));
  }

  @BeforeEach
  void findUser() {
    user =
        ToolCaller.json(ToolCaller.call(tools(), "clerk_users_list", "{'limit':1}"))
            .at("/data/0/id")
            .asText();
    before = state();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logo.png", "below/logo.png", "below/../logo.png"})
  void imageBelowTheFolderIsUploaded(String name) throws IOException {
    Files.createDirectories(uploads.resolve("below"));
    Files.write(uploads.resolve(name), PIXEL);
    for (String given : List.of(uploads.resolve(name).toString(), name)) {
      ToolResult result = upload(tools(), given);
      assertThat(result.isError()).as(result.json()).isFalse();
    }
    assertThat(state()).isNotEqualTo(before);
  }

  @Test
  void folderMayBeALink() throws IOException {
    Files.write(uploads.resolve("logo.png"), PIXEL);
    Path link = Files.createSymbolicLink(folder.resolve("link"), uploads);
    ToolRegistry tools = tools(Map.of("CLERK_MCP_UPLOAD_DIR", link.toString()));
    assertThat(upload(tools, link.resolve("logo.png").toString()).isError()).isFalse();
  }

  /** What there is at the path must make no difference. */
  @Test
  void filesElsewhereAllGetTheSameAnswer() throws IOException {
    Path image = Files.write(folder.resolve("image.png"), PIXEL);
    Path large = Files.write(folder.resolve("large.png"), new byte[11_000_000]);
    Path text = Files.writeString(folder.resolve("text.png"), "text");
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), image);
    Path sibling = Files.createDirectory(folder.resolve("uploads2")).resolve("image.png");
    for (String given :
        List.of(
            image.toString(),
            large.toString(),
            text.toString(),
            link.toString(),
            sibling.toString(),
            folder.resolve("missing.png").toString(),
            folder.toString(),
            uploads.toString(),
            "../image.png",
            uploads + "/../image.png",
            "/etc/shadow",
            "/dev/zero",
            "~/.ssh/id_ed25519")) {
      ToolResult result = upload(tools(), given);
      if (given.startsWith("~")) { // a name below the folder, since nothing replaces it
        assertThat(problem(result)).startsWith("does not exist");
      } else {
        assertThat(problem(result))
            .as(given)
            .isEqualTo(
                "must be a file in %s (CLERK_MCP_UPLOAD_DIR) or a folder below it"
                    .formatted(uploads));
      }
    }
    assertThat(state()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"//server/share/logo.png", "\\\\server\\share\\logo.png", "/\\server/logo.png"})
  void pathOnAnotherComputerIsRefused(String given) {
    assertThat(problem(upload(tools(), given))).isEqualTo("must not be on another computer");
    assertThat(problem(upload(tools(), given, COMMAND_LINE)))
        .isEqualTo("must not be on another computer");
  }

  /** A link below the folder is not followed, so its target is not told. */
  @Test
  void linksBelowTheFolderGetTheSameAnswer() throws IOException {
    Path outside = Files.write(folder.resolve("image.png"), PIXEL);
    Files.createSymbolicLink(uploads.resolve("there.png"), outside);
    Files.createSymbolicLink(uploads.resolve("missing.png"), folder.resolve("missing"));
    Files.createSymbolicLink(uploads.resolve("up"), folder);
    for (String given : List.of("there.png", "missing.png", "up/image.png", "up/missing.png")) {
      assertThat(problem(upload(tools(), given)))
          .as(given)
          .startsWith("is reached through a symbolic link")
          .endsWith("put the image itself there");
    }
    assertThat(state()).isEqualTo(before);
    Path there = uploads.resolve("there.png");
    Files.delete(there);
    Files.copy(outside, there);
    ToolResult uploaded = upload(tools(), "there.png");
    assertThat(uploaded.isError()).as(uploaded.json()).isFalse();
  }

  @Test
  void fileThatOnlyBeginsLikeAnImageIsNotSent() throws IOException {
    byte[] script = Arrays.copyOf(PIXEL, 200);
    Arrays.fill(script, 12, script.length, (byte) 'x');
    Files.write(uploads.resolve("script.png"), script);
    assertThat(problem(upload(tools(), "script.png")))
        .isEqualTo("is not a JPEG, PNG, GIF or WebP image");
    assertThat(state()).isEqualTo(before);
  }

  /** Nothing writes to the pipe, so opening it would block forever. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such files")
  void pipeIsNotOpened() throws Exception {
    Path pipe = uploads.resolve("pipe.png");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(problem(upload(tools(), "pipe.png"))).startsWith("does not exist"));
  }

  @Test
  void withoutFolderHostsUploadNothing() throws IOException {
    Path image = Files.write(uploads.resolve("logo.png"), PIXEL);
    ToolRegistry tools = tools(Map.of("CLERK_MCP_UPLOAD_DIR", ""));
    for (String given : List.of(image.toString(), "/no/such/file")) {
      ToolResult result = upload(tools, given);
      assertThat(ToolCaller.json(result).at("/error/code").asText()).isEqualTo("uploads_off");
      assertThat(result.json()).contains("CLERK_MCP_UPLOAD_DIR");
    }
    ToolResult found =
        ToolCaller.call(
            tools,
            "clerk_tools_write",
            Json.object()
                .put("name", TOOL)
                .set(
                    "arguments", Json.object().put("user_id", user).put("file", image.toString())));
    assertThat(found.json()).contains("uploads_off");
    assertThat(state()).isEqualTo(before);
    assertThat(upload(tools, image.toString(), COMMAND_LINE).isError()).isFalse();
  }

  @Test
  void commandLineMayNameAnyImage() throws IOException {
    Path image = Files.write(folder.resolve("image.png"), PIXEL);
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), image);
    assertThat(upload(tools(), link.toString(), COMMAND_LINE).isError()).isFalse();
    Path text = Files.writeString(folder.resolve("text.png"), "text");
    assertThat(problem(upload(tools(), text.toString(), COMMAND_LINE)))
        .isEqualTo("is not a JPEG, PNG, GIF or WebP image");
  }

  private ToolRegistry tools() {
    return tools(Map.of("CLERK_MCP_UPLOAD_DIR", uploads.toString()));
  }

  private ToolRegistry tools(Map<String, String> settings) {
    return ToolCaller.tools(sandbox.client(), folder, settings);
  }

  private String state() {
    return sandbox.store().toJson().toString();
  }

  private ToolResult upload(ToolRegistry tools, String file) {
    return upload(tools, file, Caller.UNKNOWN);
  }

  private ToolResult upload(ToolRegistry tools, String file, Caller caller) {
    return ToolCaller.call(
        tools, TOOL, Json.object().put("user_id", user).put("file", file), caller);
  }

  private static String problem(ToolResult result) {
    assertThat(result.isError()).as(result.json()).isTrue();
    return ToolCaller.json(result).at("/error/arguments/0/problem").asText();
  }
}
