package dev.clerkmcp.clerk;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Tells Clerk the trace that a request belongs to, if its call came with one. */
public final class TraceHeaderInterceptor implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Traceparent trace = request.tag(Traceparent.class);
    return chain.proceed(
        trace == null
            ? request
            : request.newBuilder().header("traceparent", trace.header()).build());
  }
}
