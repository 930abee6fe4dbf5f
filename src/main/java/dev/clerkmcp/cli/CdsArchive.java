package dev.clerkmcp.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes that a session loads, in the form in which Java maps them into memory instead of
 * reading them from the jar. It is good for this jar and this Java alone.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html">Class Data
 *     Sharing</a>
 */
final class CdsArchive {
  /** Java's own compilers and collectors for servers take longer to start and more memory. */
  private static final List<String> SMALL =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms8m", "-XX:-UsePerfData");

  /**
   * To put all classes to another place in memory at each start takes as long as what is gained.
   */
  private static final List<String> IN_PLACE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

  private static final String MAIN = "dev.clerkmcp.Main";

  /** Java says on standard output, which carries the protocol, that an archive does not fit. */
  private static final List<String> QUIET = List.of("-Xlog:disable", "-Xlog:all=warning:stderr");

  private final Path java;
  private final Path jar;
  private final Path file;

  private CdsArchive(Path java, Path jar, Path file) {
    this.java = java;
    this.jar = jar;
    this.file = file;
  }

  /**
   * The archive of the jar that runs, with the Java that runs it.
   *
   * @throws IOException if what runs is no jar
   */
  static CdsArchive ofThisJar(Path file) throws IOException {
    String program = System.getProperty("os.name").startsWith("Windows") ? "java.exe" : "java";
    return new CdsArchive(
        Path.of(System.getProperty("java.home"), "bin", program), thisJar(), file);
  }

  Path java() {
    return java;
  }

  /** What to start Java with, so that it uses the archive if it fits. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("-XX:SharedArchiveFile=" + file));
    arguments.add("-Xshare:auto");
    arguments.addAll(IN_PLACE);
    arguments.addAll(SMALL);
    arguments.addAll(QUIET);
    arguments.addAll(program());
    return arguments;
  }

  /** By its class: given a jar to run, Java would open it and read its manifest first. */
  private List<String> program() {
    return List.of("-cp", jar.toString(), MAIN);
  }

  /**
   * Lets a server go through a session, and keeps what it loaded. An archive that is in use is
   * replaced, not changed.
   *
   * @param clerk where a Clerk answers
   * @throws IOException if it cannot be written; the message says why
   */
  void write(String clerk, String key) throws IOException, InterruptedException {
    if (Files.isDirectory(file)) {
      throw new IOException("%s is a directory; name a file in it.".formatted(file));
    }
    Path folder = folder();
    Path list = temporary(folder);
    Path fresh = list.resolveSibling(list.getFileName() + ".jsa");
    try {
      TrainingSession.run(command(SMALL, "-XX:DumpLoadedClassList=" + list), clerk, key);
      dump(list, fresh);
      if (!Files.exists(fresh)) {
        throw new IOException(
            "%s was not written: there is no room in %s, or this Java makes no archives."
                .formatted(file, folder));
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(list);
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * An archive that would only add to Java's own is quicker made, but JDK 17 dies of a torn one.
   */
  private void dump(Path list, Path fresh) throws IOException, InterruptedException {
    List<String> whole =
        command(
            List.of("-XX:+UseG1GC"), // JDK 17 archives strings and the like with it alone
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + fresh);
    new ProcessBuilder(whole)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private List<String> command(List<String> memory, String... archiving) {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(List.of(archiving));
    command.addAll(memory);
    command.addAll(QUIET);
    command.addAll(program());
    return command;
  }

  private Path folder() throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException("%s is a directory; name a file in it.".formatted(file));
    }
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be made into a directory; name a file elsewhere.".formatted(folder), e);
    }
  }

  private Path temporary(Path folder) throws IOException {
    try {
      return Files.createTempFile(folder, file.getFileName() + "-", ".part");
    } catch (IOException e) {
      throw new IOException("%s cannot be written to; name a file elsewhere.".formatted(folder), e);
    }
  }

  private static Path thisJar() throws IOException {
    CodeSource source = CdsArchive.class.getProtectionDomain().getCodeSource();
    try {
      if (source != null && source.getLocation().getPath().endsWith(".jar")) {
        return Path.of(source.getLocation().toURI());
      }
    } catch (URISyntaxException e) {
      // no file, then
    }
    throw new IOException("There are archives of clerk-mcp.jar alone; run this from the jar.");
  }
}
