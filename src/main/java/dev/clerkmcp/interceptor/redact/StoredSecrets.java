package dev.clerkmcp.interceptor.redact;

import dev.clerkmcp.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Where the credentials of a whole run went, told in one sentence however many there are. */
final class StoredSecrets {
  private static final int MOST_NAMED = 3;

  private final Map<Path, StoredSecret> kept = new LinkedHashMap<>();
  private final List<StoredSecret> lost = new ArrayList<>();
  private String obstacle = "";

  synchronized void kept(StoredSecret secret, Path file) {
    kept.put(file, secret);
  }

  /** Notes that there is no file, since the folder, named with its fault, cannot hold one. */
  synchronized void lost(StoredSecret secret, String folderAndFault) {
    lost.add(secret);
    obstacle = folderAndFault;
  }

  /** Tells of all that have come since it was last told. */
  synchronized void tell(Consumer<String> notes) {
    if (!kept.isEmpty()) {
      notes.accept(whereTheyAre());
      kept.clear();
    }
    if (!lost.isEmpty()) {
      notes.accept(whyThereAreNone());
      lost.clear();
    }
  }

  private String whereTheyAre() {
    List<Path> files = List.copyOf(kept.keySet());
    Path first = files.get(0);
    if (files.size() == 1) {
      String what = List.copyOf(kept.values()).get(0).described();
      return "%s is in %s (only you can read it).".formatted(what, first);
    }
    List<String> names =
        files.stream().limit(MOST_NAMED).map(file -> String.valueOf(file.getFileName())).toList();
    int more = files.size() - names.size();
    return "%s are in %s files in %s (only you can read them): %s%s."
        .formatted(
            described(List.copyOf(kept.values())),
            files.size(),
            first.getParent(),
            String.join(", ", names),
            more == 0 ? "" : " and %s more".formatted(more));
  }

  private String whyThereAreNone() {
    StoredSecret first = lost.get(0);
    boolean one = lost.size() == 1;
    boolean again = lost.stream().allMatch(StoredSecret::canBeReadAgain);
    return ("%s could not be kept, and %s shown to nobody: the folder %s. A person must set"
            + " %s to another one; %s.")
        .formatted(
            one ? first.described() : described(lost),
            one ? "is" : "are",
            obstacle,
            Setting.SECRETS_DIR,
            again
                ? "then call again"
                : one
                    ? "then revoke this one and make a new one"
                    : "then revoke these and make new ones");
  }

  /** As in {@code 20 credentials (url)}. */
  private static String described(List<StoredSecret> secrets) {
    Set<String> fields = new TreeSet<>();
    secrets.forEach(secret -> fields.addAll(secret.fields()));
    int count = secrets.stream().mapToInt(StoredSecret::count).sum();
    return "%s credentials (%s)".formatted(count, String.join(", ", fields));
  }
}
