package dev.clerkmcp.interceptor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.clerkmcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A separate process that appends records to a log and reads it at the same time. */
final class AuditWriter {
  private AuditWriter() {}

  /**
   * Starts the process. It reports that it is ready and begins when it reads a line.
   *
   * @param wrapper the command that runs Java, empty for Java itself
   * @param maxBytes the size at which the file is rotated
   */
  static Process start(
      List<String> wrapper, Path file, long maxBytes, String name, int count, int size)
      throws IOException {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData", // a file, to which the limit for file sizes would apply as well
            "-cp",
            System.getProperty("java.class.path"),
            AuditWriter.class.getName(),
            file.toString(),
            name,
            Integer.toString(count),
            Integer.toString(size),
            Long.toString(maxBytes));
    return new ProcessBuilder(Stream.concat(wrapper.stream(), java.stream()).toList())
        .redirectErrorStream(true)
        .start();
  }

  /** Lets a started process begin. */
  static void begin(Process process) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    AuditLog log = AuditLog.open(file, Long.parseLong(arguments[4]));
    System.err.println("ready");
    BufferedReader begin = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    if (begin.readLine() == null) {
      return;
    }
    Thread reader = new Thread(() -> read(file, log));
    reader.setDaemon(true);
    reader.start();
    String padding = "x".repeat(Integer.parseInt(arguments[3]));
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      try {
        log.append(Json.object().put("by", arguments[1]).put("number", i).put("text", padding));
      } catch (IOException e) {
        System.err.println(e.getMessage());
      }
    }
  }

  /** Reports the log's errors for as long as the process lives. */
  private static void read(Path file, AuditLog log) {
    while (true) {
      try {
        AuditVerifier.Verdict verdict = AuditVerifier.verify(file);
        if (verdict.fault() != null && verdict.records() > 0) { // none before the first append
          System.err.println(verdict.fault());
        }
        log.findLast(AuditLog.Search.ALL, any -> true);
      } catch (NoSuchFileException e) {
        // it is just being rotated
      } catch (IOException e) {
        System.err.println(e.getMessage());
      }
    }
  }
}
