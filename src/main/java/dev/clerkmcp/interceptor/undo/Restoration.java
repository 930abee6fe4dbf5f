package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How to put a change back.
 *
 * @param calls to be made from first to last
 * @param warnings what to know before making them
 * @param lost what they do not bring back, and why; where nothing is lost and nothing to be called,
 *     nothing was changed
 */
public record Restoration(List<Step> calls, List<String> warnings, List<String> lost) {
  public Restoration {
    calls = List.copyOf(calls);
    warnings = List.copyOf(warnings);
    lost = List.copyOf(lost);
  }

  /** A call of a tool, and what it is for. */
  public record Step(String tool, ObjectNode arguments, String why) {}

  /** A restoration as it is being thought out. */
  static final class Draft {
    private final List<Step> calls = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> lost = new LinkedHashSet<>();

    void call(String tool, ObjectNode arguments, String why) {
      calls.add(new Step(tool, arguments, why));
    }

    void warn(String sentence) {
      warnings.add(sentence);
    }

    void lose(String sentence) {
      lost.add(sentence);
    }

    Restoration done() {
      if (calls.isEmpty() && lost.isEmpty() && warnings.isEmpty()) {
        warn("The call changed nothing, as far as Clerk tells.");
      }
      return new Restoration(calls, List.copyOf(warnings), List.copyOf(lost));
    }
  }
}
