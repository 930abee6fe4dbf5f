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
 * What goes wrong between a client and the sandbox, on purpose: for tests and rehearsals. The seed
 * decides which requests it hits. Safe for use by many threads.
 */
public final class FaultInjector {
  private static final Pattern LATENCY = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
  private static final Pattern FAULT =
      Pattern.compile(
          "(429|500|502|503|504|drop|lost)(?:(?::([01]|0?\\.\\d{1,6}))|(?:@(\\d{1,9})))");

  /** Of a 429, in seconds. */
  private static final int RETRY_AFTER = 1;

  private static final int SLICE_MILLIS = 20;

  private final int leastLatency;
  private final int mostLatency;
  private final List<Fault> faults;
  private final SplittableRandom random;
  private long requests;

  private FaultInjector(int leastLatency, int mostLatency, List<Fault> faults, long seed) {
    this.leastLatency = leastLatency;
    this.mostLatency = mostLatency;
    this.faults = faults;
    this.random = new SplittableRandom(seed);
  }

  /** No trouble at all. */
  public static FaultInjector none() {
    return new FaultInjector(0, 0, List.of(), 0);
  }

  /**
   * Reads trouble as people write it.
   *
   * @param latency what each request waits, in milliseconds: {@code 200}, or {@code 50-400} for
   *     anything between; empty for nothing
   * @param faults what happens, separated by commas, each with the share of requests that it hits
   *     or the number of the one request: {@code 429:0.1, 503@3}. A status is answered and nothing
   *     carried out; {@code drop} breaks the connection before the request is carried out, {@code
   *     lost} after that; empty for none
   * @throws IllegalArgumentException if it is not of these forms; the message completes a sentence
   *     that begins with the name of the setting: {@code latency} or {@code faults}
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
   * Brings a request to the sandbox and its answer back, or not.
   *
   * @param cancelled asked while waiting
   * @throws IOException if the connection breaks, or the caller gave up
   */
  SandboxResponse answer(Sandbox sandbox, Request request, BooleanSupplier cancelled)
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
      default -> refusal(Integer.parseInt(hit.fault()));
    };
  }

  private synchronized Hit next() {
    requests++;
    int latency = random.nextInt(leastLatency, mostLatency + 1);
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
        throw new IOException("Canceled");
      }
      try {
        Thread.sleep(Math.min(SLICE_MILLIS, left / 1_000_000 + 1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Canceled", e);
      }
    }
  }

  private static SandboxResponse refusal(int status) {
    ApiError refusal =
        switch (status) {
          case 429 ->
              ApiError.of(status, "too_many_requests", "Too many requests, said on purpose.");
          case 503 -> ApiError.of(status, "service_unavailable", "Unavailable, said on purpose.");
          case 504 -> ApiError.of(status, "gateway_timeout", "Timed out, said on purpose.");
          default -> ApiError.of(status, "internal_clerk_error", "An error, said on purpose.");
        };
    return new SandboxResponse(
        status, refusal.body("sandbox_trouble").toString(), status == 429 ? RETRY_AFTER : null);
  }

  private record Fault(String what, double share, long request) {}

  private record Hit(int latency, String fault) {}
}
