package dev.clerkmcp;

import dev.clerkmcp.server.ServerLauncher;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.Locale;

/** Serves MCP on the standard streams or, given arguments, runs the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // Formats such as %d follow the locale, and JSON numbers are ASCII digits everywhere.
    Locale.setDefault(Locale.ROOT);
    // Standard output carries the protocol, so any other output goes to stderr.
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    System.exit(new ServerLauncher(out).run(arguments));
  }
}
