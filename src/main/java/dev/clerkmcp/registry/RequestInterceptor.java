package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Wraps a single request to Clerk, of a simple or a composed tool. An interceptor can refuse the
 * request by throwing an exception, or change the answer.
 */
@FunctionalInterface
public interface RequestInterceptor {
  /** Handles the request; {@link Chain#proceed} runs the interceptors that follow and sends it. */
  JsonNode intercept(Chain chain);

  /** Whether it has anything to do for a request; if not, it is left out of the chain. */
  default boolean concerns(ClerkRequest request) {
    return true;
  }

  /** One request on its way through the interceptors. */
  final class Chain {
    private final List<RequestInterceptor> interceptors;
    private final int next;
    private final ClerkRequest request;

    Chain(List<RequestInterceptor> interceptors, ClerkRequest request) {
      this(interceptors, 0, request);
    }

    private Chain(List<RequestInterceptor> interceptors, int next, ClerkRequest request) {
      this.interceptors = interceptors;
      this.next = next;
      this.request = request;
    }

    public ClerkRequest request() {
      return request;
    }

    /** Runs the rest of the chain and returns Clerk's answer. */
    public JsonNode proceed() {
      for (int i = next; i < interceptors.size(); i++) {
        RequestInterceptor interceptor = interceptors.get(i);
        if (interceptor.concerns(request)) {
          return interceptor.intercept(new Chain(interceptors, i + 1, request));
        }
      }
      return request.sendOrPlan();
    }
  }
}
