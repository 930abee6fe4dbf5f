package dev.clerkmcp.interceptor.output;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields that are not shown though they say something, over all pages of an answer. */
final class OmittedFields {
  private final Set<String> paths = new TreeSet<>();

  synchronized void addAll(Set<String> further) {
    paths.addAll(further);
  }

  /** A sentence about them; null if there are none. */
  synchronized @Nullable String sentence() {
    if (paths.isEmpty()) {
      return null;
    }
    String first = List.copyOf(paths).get(0);
    return "Left out: %s. fields: [\"%s\"] shows what it names, [\"*\"] everything."
        .formatted(String.join(", ", paths), first);
  }
}
