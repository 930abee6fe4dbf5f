package dev.clerkmcp.interceptor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clerkmcp.interceptor.audit.AuditVerifier.Verdict;
import dev.clerkmcp.json.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the audit file with several threads and processes, and on a full disk. */
final class AuditFileTest {
  private static final long MAX_BYTES = 100_000_000;

  private final Path file;

  AuditFileTest(@TempDir Path folder) {
    file = folder.resolve("audit.jsonl");
  }

  @Test
  void threadsShareFileThroughTwoLogs() throws Exception {
    List<AuditLog> logs = List.of(AuditLog.open(file, MAX_BYTES), AuditLog.open(file, MAX_BYTES));
    List<Callable<@Nullable Void>> work = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      AuditLog log = logs.get(thread % 2);
      String by = "thread " + thread;
      work.add(
          () -> {
            for (int i = 0; i < 25; i++) {
              log.append(Json.object().put("by", by).put("i", i));
              assertThat(
                      log.findLast(
                          AuditLog.Search.ALL, record -> record.path("by").asText().equals(by)))
                  .isNotNull();
              AuditVerifier.verify(file);
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<?> done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(200, 0, null));
  }

  /** With the smaller size, each process renames the file while the others use it. */
  @ParameterizedTest
  @ValueSource(longs = {MAX_BYTES, 20_000})
  void processesShareFile(long maxBytes) throws Exception {
    List<Process> processes = new ArrayList<>();
    try {
      for (String name : List.of("one", "two", "three")) {
        processes.add(AuditWriter.start(List.of(), file, maxBytes, name, 400, 100));
      }
      List<BufferedReader> outputs = processes.stream().map(AuditFileTest::output).toList();
      for (BufferedReader output : outputs) {
        assertThat(output.readLine()).isEqualTo("ready");
      }
      for (Process process : processes) {
        AuditWriter.begin(process);
      }
      for (BufferedReader output : outputs) {
        assertThat(output.lines()).isEmpty();
      }
    } finally {
      processes.forEach(Process::destroy);
    }
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(1200, 0, null));
    assertThat(Files.exists(file.resolveSibling("audit.jsonl.5"))).isEqualTo(maxBytes < MAX_BYTES);
  }

  @Test
  void recordThatDoesNotFitIsRemovedAndTheChainStaysValid() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "a shell that limits the size of files");
    List<String> limited = List.of("/bin/sh", "-c", "ulimit -f 64 && exec \"$0\" \"$@\"");
    Process process = AuditWriter.start(limited, file, MAX_BYTES, "one", 40, 5000);
    try (BufferedReader output = output(process)) {
      assertThat(output.readLine()).isEqualTo("ready");
      AuditWriter.begin(process);
      assertThat(output.lines()).isNotEmpty().containsOnly("cannot be written (File too large)");
    } finally {
      process.destroy();
    }
    Verdict verdict = AuditVerifier.verify(file);
    assertThat(verdict).isEqualTo(new Verdict(verdict.records(), 0, null));
    assertThat(verdict.records()).isBetween(1L, 39L);

    AuditLog.open(file, MAX_BYTES).append(Json.object().put("n", 1));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(verdict.records() + 1, 0, null));
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }
}
