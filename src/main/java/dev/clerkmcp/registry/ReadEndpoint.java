package dev.clerkmcp.registry;

import org.jspecify.annotations.Nullable;

/**
 * What is declared beside an endpoint that only reads.
 *
 * @param tool the tool that answers with what the endpoint reads; null if there is none
 * @param secret the fields of its answer that are credentials; null if it has none
 */
public record ReadEndpoint(@Nullable String tool, @Nullable Secret secret) {
  static ReadEndpoint of(ToolMethod method) {
    InternalEndpoint internal = method.method().getAnnotation(InternalEndpoint.class);
    String tool = method.tool() == null ? null : method.tool().name();
    if (internal != null && !internal.readBy().isEmpty()) {
      tool = internal.readBy();
    }
    return new ReadEndpoint(tool, method.method().getAnnotation(Secret.class));
  }
}
