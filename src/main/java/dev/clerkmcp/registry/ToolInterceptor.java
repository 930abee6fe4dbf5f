package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Wraps the call of a tool. An interceptor can refuse the call by throwing an exception, change its
 * arguments, proceed several times, or change the answer.
 */
@FunctionalInterface
public interface ToolInterceptor {
  /** Handles the call; {@link Chain#proceed} runs the interceptors that follow, then the tool. */
  JsonNode intercept(Chain chain);

  /** Whether it has anything to do in a call; if not, it is left out of the chain. */
  default boolean concerns(ToolCallContext context) {
    return true;
  }

  /** One call on its way through the interceptors. */
  final class Chain {
    private final List<ToolInterceptor> interceptors;
    private final int next;
    private final ToolCallContext context;

    Chain(List<ToolInterceptor> interceptors, ToolCallContext context) {
      this(interceptors, 0, context);
    }

    private Chain(List<ToolInterceptor> interceptors, int next, ToolCallContext context) {
      this.interceptors = interceptors;
      this.next = next;
      this.context = context;
    }

    public ToolCallContext context() {
      return context;
    }

    /** Runs the rest of the chain and returns its answer. May be called again. */
    public JsonNode proceed() {
      for (int i = next; i < interceptors.size(); i++) {
        ToolInterceptor interceptor = interceptors.get(i);
        if (interceptor.concerns(context)) {
          return interceptor.intercept(new Chain(interceptors, i + 1, context));
        }
      }
      context.arguments(); // a wrong argument is reported before the tool does anything
      return context.tool().handler().handle(context);
    }
  }
}
