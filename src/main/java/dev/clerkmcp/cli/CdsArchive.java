package dev.clerkmcp.cli;

import dev.clerkmcp.PrivateFiles;
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
 * Writes an archive of the classes that a session loads, which Java maps into memory instead of
 * reading them from the jar. It only works with this jar and this Java.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html">Class Data
 *     Sharing</a>
 */
final class CdsArchive {
  /** The default compiler and garbage collector take longer to start and more memory. */
  private static final List<String> SMALL =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms8m", "-XX:-UsePerfData");

  /** Moving all classes to another address at each start takes as long as the archive saves. */
  private static final List<String> IN_PLACE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

  private static final String MAIN = "dev.clerkmcp.Main";

  /** Java warns of an archive that does not fit on standard output, which carries the protocol. */
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
   * Prepares the archive of the running jar for the running Java.
   *
   * @throws IOException if the classes do not come from a jar
   */
  static CdsArchive ofThisJar(Path file) throws IOException {
    String program = System.getProperty("os.name").startsWith("Windows") ? "java.exe" : "java";
    return new CdsArchive(
        Path.of(System.getProperty("java.home"), "bin", program), thisJar(), file);
  }

  Path java() {
    return java;
  }

  /** The arguments of a Java that uses the archive if it fits. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("-XX:SharedArchiveFile=" + file));
    arguments.add("-Xshare:auto");
    arguments.addAll(IN_PLACE);
    arguments.addAll(SMALL);
    arguments.addAll(QUIET);
    arguments.addAll(program());
    return arguments;
  }

  /** Names the class, since with -jar Java would open the jar and read its manifest first. */
  private List<String> program() {
    return List.of("-cp", jar.toString(), MAIN);
  }

  /**
   * Runs a session with a server, and archives the classes that it loaded. An archive that is in
   * use is replaced, not changed.
   *
   * @param clerk the URL of the API that the server calls
   * @throws IOException if it cannot be written; the message says why
   */
  void write(String clerk, String key) throws IOException, InterruptedException {
    if (Files.isSymbolicLink(file)) {
      throw new IOException("%s is a symbolic link; name what it leads to.".formatted(file));
    }
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
            "%s was not written: %s has no space left, or this Java cannot make archives."
                .formatted(file, folder));
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(list);
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Archives all classes, Java's own too. A smaller archive on top of Java's own is written faster,
   * but JDK 17 crashes if that is damaged.
   */
  private void dump(Path list, Path fresh) throws IOException, InterruptedException {
    List<String> whole =
        command(
            List.of("-XX:+UseG1GC"), // JDK 17 archives strings and other heap objects only with G1
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
      PrivateFiles.createFolder(folder);
      return folder;
    } catch (PrivateFiles.UnsafeFileException e) {
      throw new IOException(
          "%s %s; or name a file elsewhere, since Java runs what the archive holds."
              .formatted(folder, e.getMessage()),
          e);
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
      // not a file, so not a jar
    }
    throw new IOException("Only classes of clerk-mcp.jar can be archived; run this from the jar.");
  }
}
