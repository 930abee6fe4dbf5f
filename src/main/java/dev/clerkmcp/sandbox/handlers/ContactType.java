package dev.clerkmcp.sandbox.handlers;

/** Where a person can be reached: both are kept, verified and made primary in the same way. */
enum ContactType {
  EMAIL_ADDRESS("email_address", "email_addresses", "EmailAddress", "email_code") {
    @Override
    String checked(String text) {
      return Identifier.emailAddress(field(), text);
    }
  },
  PHONE_NUMBER("phone_number", "phone_numbers", "PhoneNumber", "phone_code") {
    @Override
    String checked(String text) {
      return Identifier.phoneNumber(field(), text);
    }
  };

  private final String field;
  private final String list;
  private final String schema;
  private final String strategy;

  ContactType(String field, String list, String schema, String strategy) {
    this.field = field;
    this.list = list;
    this.schema = schema;
    this.strategy = strategy;
  }

  /** The name of the address itself in objects and requests. */
  String field() {
    return field;
  }

  /** The name of a user's list of them, and of their collection in the API. */
  String list() {
    return list;
  }

  /** The name of the object among Clerk's schemas. */
  String schema() {
    return schema;
  }

  /** How an address is verified. */
  String strategy() {
    return strategy;
  }

  /** The field of a user that names the primary one. */
  String primary() {
    return "primary_%s_id".formatted(field);
  }

  /**
   * The address as it is kept.
   *
   * @throws dev.clerkmcp.sandbox.openapi.ApiError if it is not one
   */
  abstract String checked(String text);
}
