package dev.clerkmcp.registry;

/** Changes a finished result, an error included, before the caller gets it. */
@FunctionalInterface
public interface ResultFilter {
  /** The result as the caller gets it. If this throws, the caller gets an internal error. */
  ToolResult filter(ToolResult result);
}
