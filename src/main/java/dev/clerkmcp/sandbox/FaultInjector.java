package dev.clerkmcp.sandbox;

import dev.clerkmcp.sandbox.openapi.ApiError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Request;

/**
 * Injects faults into the sandbox: delays requests and makes some of them fail, for tests and
 * drills. The seed decides the random delays, and which requests a fault hits. Thread-safe.
 */
public final class FaultInjector {
  private static final Pattern LATENCY = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
  private static final Pattern FAULT =
      Pattern.compile(
          "(429|500|502|503|504|drop|lost)(?:(?::([01]|0?\\.\\d{1,6}))|(?:@(\\d{1,9})))");

  private static final int RETRY_AFTER_SECONDS = 1;

  /** How often a delayed request checks whether its caller has cancelled it. */
  private static final int CANCEL_CHECK_MILLIS = 20;

  private final int minLatency;
  private final int maxLatency;
  private final List<Fault> faults;
  private final SplittableRandom random;
  private long requests;

  private FaultInjector(int minLatency, int maxLatency, List<Fault> faults, long seed) {
    this.minLatency = minLatency;
    this.maxLatency = maxLatency;
    this.faults = faults;
    this.random = new SplittableRandom(seed);
  }

  /** No delay and no faults. */
  public static FaultInjector none() {
    return new FaultInjector(0, 0, List.of(), 0);
  }

  /**
   * Parses the settings of latency and faults.
   *
   * @param latency the delay of each request in milliseconds: {@code 200}, or {@code 50-400} for a
   *     random delay in that range; empty for no delay
   * @param faults faults separated by commas, each with the share of requests that it hits or the
   *     number of one request, counted from 1: {@code 429:0.1, 503@3}. A status is returned without
   *     carrying the request out; {@code drop} breaks the connection before the request is carried
   *     out, {@code lost} afterwards; empty for no faults
   * @param seed decides the delays and which requests a share hits
   * @throws IllegalArgumentException if a text has another form; the message begins with the name
   *     of the setting, {@code latency} or {@code faults}
   */
  public static FaultInjector of(String latency, String faults, long seed) {
    Matcher wait = LATENCY.matcher(latency.isEmpty() ? "0" : latency);
    if (!wait.matches()) {
      throw new IllegalArgumentException(
          "latency must be milliseconds, such as 200, or 50-400 for anything between");
    }
    int least = Integer.parseInt(wait.group(1));
    int most = wait.group(2) == null ? least : Integer.parseInt(wait.group(2));
    if (most < least) {
      throw new IllegalArgumentException("latency must begin with the shorter time");
    }
    List<Fault> all = new ArrayList<>();
    for (String text : faults.isEmpty() ? List.<String>of() : List.of(faults.split(",", -1))) {
      Matcher fault = FAULT.matcher(text.strip());
      if (!fault.matches()) {
        throw new IllegalArgumentException(
            "faults must be 429, 500, 502, 503, 504, drop or lost, each with a share or the number"
                + " of a request, such as 429:0.1,lost@3");
      }
      double share = fault.group(2) == null ? 0 : Double.parseDouble(fault.group(2));
      long request = fault.group(3) == null ? 0 : Long.parseLong(fault.group(3));
      all.add(new Fault(fault.group(1), share, request));
    }
    return new FaultInjector(least, most, List.copyOf(all), seed);
  }

  /**
   * Sends a request to the sandbox and returns its response, unless a fault hits it.
   *
   * @param cancelled polled during the delay
   * @throws IOException if the fault breaks the connection, or the caller has cancelled the request
   */
  Sandbox.HttpResponse answer(Sandbox sandbox, Request request, BooleanSupplier cancelled)
      throws IOException {
    Hit hit = next();
    waitFor(hit.latency(), cancelled);
    return switch (hit.fault()) {
      case "" -> sandbox.answer(request);
      case "drop" -> throw new IOException("The sandbox dropped the connection.");
      case "lost" -> {
        sandbox.answer(request);
        throw new IOException("The sandbox lost its answer.");
      }
      default -> errorResponse(Integer.parseInt(hit.fault()));
    };
  }

  private synchronized Hit next() {
    requests++;
    int latency = random.nextInt(minLatency, maxLatency + 1);
    for (Fault fault : faults) {
      if (fault.request() == requests || random.nextDouble() < fault.share()) {
        return new Hit(latency, fault.what());
      }
    }
    return new Hit(latency, "");
  }

  private static void waitFor(int millis, BooleanSupplier cancelled) throws IOException {
    long end = System.nanoTime() + millis * 1_000_000L;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      if (cancelled.getAsBoolean()) {
        throw new IOException("Cancelled");
      }
      try {
        Thread.sleep(Math.min(CANCEL_CHECK_MILLIS, left / 1_000_000 + 1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Cancelled", e);
      }
    }
  }

  private static Sandbox.HttpResponse errorResponse(int status) {
    ApiError error =
        switch (status) {
          case 429 ->
              ApiError.of(status, "too_many_requests", "Too many requests (injected fault).");
          case 503 -> ApiError.of(status, "service_unavailable", "Unavailable (injected fault).");
          case 504 -> ApiError.of(status, "gateway_timeout", "Timed out (injected fault).");
          default ->
              ApiError.of(status, "internal_clerk_error", "Internal error (injected fault).");
        };
    return new Sandbox.HttpResponse(
        status, error.body("sandbox_fault").toString(), status == 429 ? RETRY_AFTER_SECONDS : null);
  }

  private record Fault(String what, double share, long request) {}

  private record Hit(int latency, String fault) {}
}
