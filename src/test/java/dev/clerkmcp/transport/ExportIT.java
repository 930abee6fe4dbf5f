package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests what an export leaves if the process is killed while it writes. */
@Timeout(60)
final class ExportIT {
  @TempDir private Path folder;

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such permissions")
  void unfinishedExportIsPrivateAndRemovedByTheNextProcess() throws Exception {
    try (ServerProcess server = server("CLERK_MCP_SANDBOX_LATENCY", "1500")) {
      server.send(
          ServerProcess.call("1", "clerk_users_list", "{\"all\":true,\"export\":\"people.csv\"}"));
      while (files().isEmpty()) {
        Thread.sleep(20);
      }
    } // closing kills it
    assertThat(files()).hasSize(1);
    Path left = files().get(0);
    assertThat(left.getFileName().toString()).startsWith(".export-").endsWith(".unfinished");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(left)))
        .isEqualTo("rw-------");
    try (ServerProcess server = server()) {
      assertThat(server.answer("clerk_users_count", "{}").path("total_count").asInt())
          .isEqualTo(2000);
      assertThat(files()).isEmpty();
    }
  }

  private ServerProcess server(String... more) {
    List<String> environment =
        Stream.concat(
                Stream.of(
                    "CLERK_MCP_EXPORT_DIR", folder.toString(), "CLERK_MCP_SANDBOX_USERS", "2000"),
                Stream.of(more))
            .toList();
    return ServerProcess.inSandbox(environment.toArray(String[]::new)).initialized();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
