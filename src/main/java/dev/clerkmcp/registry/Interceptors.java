package dev.clerkmcp.registry;

import java.util.List;

/**
 * The interceptors and filters of a registry, each list in the order in which they are called.
 *
 * @param discovery the interceptors of the tools that find and run other tools; a tool that they
 *     run is a call of its own and passes {@code tools}
 * @param tools the interceptors of all other tools
 * @param requests the interceptors of each request to Clerk
 * @param results the filters of each result
 */
public record Interceptors(
    List<ToolInterceptor> discovery,
    List<ToolInterceptor> tools,
    List<RequestInterceptor> requests,
    List<ResultFilter> results) {
  public Interceptors {
    discovery = List.copyOf(discovery);
    tools = List.copyOf(tools);
    requests = List.copyOf(requests);
    results = List.copyOf(results);
  }

  /** No interceptors and no filters. */
  public static Interceptors none() {
    return new Interceptors(List.of(), List.of(), List.of(), List.of());
  }
}
