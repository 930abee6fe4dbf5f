package dev.clerkmcp.sandbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.SandboxSettings;
import dev.clerkmcp.sandbox.openapi.ApiError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file that keeps a store between runs. */
final class StoreFileTest {
  private final Path folder;

  StoreFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void savedStoreContinues() throws IOException {
    StoreFile file = StoreFile.open(folder.resolve("world.json"));
    assertThat(file.load(clock())).as("there is no file yet").isNull();
    Store store = new Store(3, clock());
    SandboxCalls clerk = SandboxCalls.of(store, () -> file.save(store));
    JsonNode user = clerk.ok("POST /users", "{'username':'ada_l','password':'correct horse'}");

    Store again = Objects.requireNonNull(file.load(clock()));
    assertThat(again.toJson()).isEqualTo(store.toJson());
    SandboxCalls later = SandboxCalls.of(again, () -> {});
    assertThat(later.ok("GET /users/" + user.path("id").asText())).isEqualTo(user);
    assertThat(later.call("POST", "/users", "{'username':'ADA_L'}").status()).isEqualTo(422);
    assertThat(later.ok("POST /users", "{'username':'bobby'}"))
        .isEqualTo(clerk.ok("POST /users", "{'username':'bobby'}"));
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("world.json", "world.json.lock");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"clerk_mcp_sandbox\":1,     | is damaged: it does not hold JSON",
        "``                            | does not hold a sandbox of this version",
        "[]                            | does not hold a sandbox of this version",
        "{\"clerk_mcp_sandbox\":9}     | does not hold a sandbox of this version",
        "{\"clerk_mcp_sandbox\":1,\"seed\":1,\"now\":1,\"serial\":1,\"objects\":{\"horse\":[]}} | unknown kind: horse",
        "{\"clerk_mcp_sandbox\":1,\"seed\":1,\"now\":1,\"serial\":1,\"objects\":{\"user\":[{}]}} | has a user without id",
        "{\"clerk_mcp_sandbox\":1,\"seed\":1,\"now\":1,\"serial\":1,\"objects\":{\"user\":\"ada\"}} | has no list of each user",
        "{\"clerk_mcp_sandbox\":1,\"seed\":1,\"now\":1,\"serial\":1,\"objects\":{\"user\":[{\"id\":\"a\"},{\"id\":\"a\"}]}} | has a user twice: a",
        "{\"clerk_mcp_sandbox\":1,\"seed\":1,\"now\":1,\"serial\":1,\"objects\":{\"user\":[{\"id\":\"a\",\"username\":\"x\"},{\"id\":\"b\",\"username\":\"X\"}]}} | has a user twice: b",
      })
  void damagedFileIsRejectedAndNotChanged(String text, String message) throws IOException {
    Path path = Files.writeString(folder.resolve("world.json"), text);
    StoreFile file = StoreFile.open(path);
    assertThatThrownBy(() -> file.load(clock()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertThat(path).hasContent(text);
  }

  @Test
  void fileIsLockedByOneSandbox() {
    StoreFile.open(folder.resolve("world.json"));
    assertThatThrownBy(() -> StoreFile.open(folder.resolve("world.json")))
        .hasMessage("is in use by another sandbox");
  }

  @ParameterizedTest
  @CsvSource({"., must be a file", "nowhere/world.json, in a folder that exists"})
  void fileMustBeInAnExistingFolder(String path, String message) {
    assertThatThrownBy(() -> StoreFile.open(folder.resolve(path))).hasMessageContaining(message);
  }

  @Test
  void changeThatCannotBeSavedIsUndone() {
    Store store = new Store(1, clock());
    SandboxCalls clerk =
        SandboxCalls.of(
            store,
            () -> {
              throw ApiError.of(500, "internal_clerk_error", "The disk is full.");
            });
    String before = store.toJson().toString();
    Reply reply = clerk.call("POST", "/users", "{'username':'ada_l'}");
    assertThat(reply.error()).isEqualTo("500 internal_clerk_error");
    assertThat(store.toJson()).hasToString(before);
  }

  private static SandboxClock clock() {
    return SandboxClock.startingAt(SandboxSettings.START);
  }
}
