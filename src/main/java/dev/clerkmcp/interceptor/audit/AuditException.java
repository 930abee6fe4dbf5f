package dev.clerkmcp.interceptor.audit;

import java.io.IOException;

/** An audit log cannot be used. The message completes the sentence "This file ...". */
final class AuditException extends IOException {
  private static final long serialVersionUID = 1L;

  AuditException(String message) {
    super(message);
  }

  AuditException(String message, Throwable cause) {
    super(message, cause);
  }
}
