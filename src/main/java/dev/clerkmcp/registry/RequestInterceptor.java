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
      return next < interceptors.size()
          ? interceptors.get(next).intercept(new Chain(interceptors, next + 1, request))
          : request.sendOrPlan();
    }
  }
}
