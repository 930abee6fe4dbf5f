package dev.clerkmcp.interceptor.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;

/**
 * Refuses tools that the configuration disables, and requests of composed tools that a disabled
 * tool makes as well.
 */
public final class AccessInterceptor implements ToolInterceptor, RequestInterceptor {
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    context.checkEnabled(context.tool().name());
    return chain.proceed();
  }

  /**
   * Lets requests that only read pass, although a disabled tool makes them as well, unless they
   * read from another instance than the call works on.
   */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    boolean checked = !request.effect().readOnly() || request.context().isCrossInstance();
    String tool = request.tool();
    if (tool != null && checked) {
      request.context().checkEnabled(tool);
    }
    return chain.proceed();
  }
}
