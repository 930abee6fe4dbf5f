package dev.clerkmcp.registry;

/** The tool is there, but a person has switched it off. */
final class SwitchedOff extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SwitchedOff(String tool, String reason) {
    super("%s is switched off: %s.".formatted(tool, reason));
  }
}
