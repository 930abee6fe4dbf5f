package dev.clerkmcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Creates files and folders that only the user can write, and checks those that exist, as ssh does:
 * a policy, a key or an audit log that another user can change protects nothing. The message of
 * each exception completes the sentence "This file ...".
 *
 * <p>Without POSIX permissions (Windows, FAT) nothing but links can be checked; the first time,
 * stderr says so.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> WRITTEN_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final Set<PosixFilePermission> ANY_BY_OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private static final String OWNERS_FILE = "rw-------";
  private static final int ROOT = 0;

  /** In a folder with this bit, such as {@code /tmp}, users can replace only their own files. */
  private static final int STICKY = 0x200;

  private static final AtomicBoolean warned = new AtomicBoolean();

  private PrivateFiles() {}

  /** The attributes with which to create a file that only the user can read and write. */
  public static FileAttribute<?>[] newFile(Path folder) {
    return attributes(folder, OWNERS_FILE);
  }

  /**
   * Creates a folder that only the user can use, unless it exists, and checks it.
   *
   * @throws UnsafeFileException as {@link #checkFolder}
   * @throws IOException if it cannot be created
   */
  public static void createFolder(Path folder) throws IOException {
    if (!Files.isSymbolicLink(folder)) {
      Files.createDirectories(folder, attributes(folder, "rwx------"));
    }
    checkFolder(folder);
  }

  /**
   * Checks that a folder belongs to the user, and that no other user can write to it or replace it.
   *
   * @throws UnsafeFileException if not, or if it is a symbolic link
   * @throws IOException if it cannot be checked
   */
  public static void checkFolder(Path folder) throws IOException {
    check(folder, WRITTEN_BY_OTHERS, "go-w");
  }

  /**
   * Checks that a file belongs to the user or to root, and that no other user can write or replace
   * it.
   *
   * @throws UnsafeFileException if not, or if it is a symbolic link
   * @throws IOException if it cannot be checked
   */
  public static void checkFile(Path file) throws IOException {
    check(file, WRITTEN_BY_OTHERS, "go-w");
  }

  /**
   * Checks a file as {@link #checkFile} does, and that no other user can read it.
   *
   * @throws UnsafeFileException if not, or if it is a symbolic link
   * @throws IOException if it cannot be checked
   */
  public static void checkSecretFile(Path file) throws IOException {
    check(file, ANY_BY_OTHERS, "600");
  }

  private static void check(Path path, Set<PosixFilePermission> forbidden, String mode)
      throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new UnsafeFileException("is a symbolic link; name what it leads to");
    }
    if (!isPosix(path)) {
      warn(path);
      return;
    }
    String fault = fault(path, forbidden, mode);
    if (fault != null) {
      report(path, fault);
    }
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      checkUpwards(folder);
      checkUpwards(folder.toRealPath()); // the folder, or one above it, may be a link
    }
  }

  /** Checks that no other user can replace a folder, up to the user's home or the root. */
  private static void checkUpwards(Path lowest) throws IOException {
    Path home = Path.of(System.getProperty("user.home"));
    for (Path folder = lowest; folder != null; folder = folder.getParent()) {
      boolean shared = Files.isSymbolicLink(folder) || isSticky(folder) || isOwnGroups(folder);
      Set<PosixFilePermission> forbidden =
          shared ? EnumSet.noneOf(PosixFilePermission.class) : WRITTEN_BY_OTHERS;
      String fault = fault(folder, forbidden, "go-w");
      if (fault != null) {
        report(folder, "lies in " + folder + ", which " + fault);
      }
      if (folder.equals(home)) {
        return;
      }
    }
  }

  /** What is wrong with the owner or the permissions of a path itself; null if nothing is. */
  private static @Nullable String fault(Path path, Set<PosixFilePermission> forbidden, String mode)
      throws IOException {
    int owner = unix(path, "uid");
    if (owner != ROOT && owner != User.UID) {
      return "belongs to another user; run: chown "
          + System.getProperty("user.name")
          + " "
          + quoted(path);
    }
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> found = EnumSet.copyOf(forbidden);
    found.retainAll(permissions);
    if (found.isEmpty()) {
      return null;
    }
    found.retainAll(WRITTEN_BY_OTHERS);
    return "can be "
        + (found.isEmpty() ? "read" : "written")
        + " by others ("
        + PosixFilePermissions.toString(permissions)
        + "); run: chmod "
        + mode
        + " "
        + quoted(path);
  }

  /** Reports a fault, unless the file system shows permissions that it does not have. */
  private static void report(Path path, String fault) throws IOException {
    if (!ignoresPermissions(path)) {
      throw new UnsafeFileException(fault);
    }
    warn(path);
  }

  /** Whether a new file gets other permissions than it is created with, as on FAT. */
  private static boolean ignoresPermissions(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    Path folder = Files.isDirectory(path) || parent == null ? path : parent;
    try {
      Path probe = Files.createTempFile(folder, ".permissions-", ".tmp", newFile(folder));
      try {
        return !PosixFilePermissions.toString(Files.getPosixFilePermissions(probe))
            .equals(OWNERS_FILE);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static void warn(Path path) {
    if (!warned.getAndSet(true)) {
      System.err.println(
          "clerk-mcp: The file system of "
              + path
              + " has no POSIX permissions, so nothing checks that only you can write to it.");
    }
  }

  private static boolean isSticky(Path folder) throws IOException {
    return (unix(folder, "mode") & STICKY) != 0;
  }

  /**
   * Whether the folder's group has its owner's name, as the group that many systems give a user.
   */
  private static boolean isOwnGroups(Path folder) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.group().getName().equals(attributes.owner().getName())
        && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static int unix(Path path, String attribute) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    return attributes.get(attribute) instanceof Integer number ? number : -1;
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** A path as a shell reads it. */
  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[\\w./@+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Knows who runs this process, which Java has no method for. */
  private static final class User {
    static final int UID = uid();

    private static int uid() {
      try {
        Path process = Path.of("/proc/self");
        if (Files.exists(process)) {
          return (int) Files.getAttribute(process, "unix:uid");
        }
        Path own = Files.createTempFile("clerk-mcp-", ".tmp");
        try {
          return unix(own, "uid");
        } finally {
          Files.delete(own);
        }
      } catch (IOException e) {
        return ROOT; // only what belongs to root is accepted then
      }
    }
  }

  /** Reports a file or folder that another user can change, with the command that mends it. */
  public static final class UnsafeFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsafeFileException(String message) {
      super(message);
    }
  }
}
