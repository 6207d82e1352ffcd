// peers.cc - see peers.h.
#include "peers.h"

#include <rapidjson/document.h>
#include <simdjson.h>

#include <string>
#include <vector>

namespace {

struct simdjson_peer {
  simdjson_peer(const char *bytes, size_t length) : input(bytes, length) {}
  simdjson::padded_string input;
  simdjson::dom::parser parser;
};

}  // namespace

extern "C" void *peer_simdjson_new(const char *bytes, size_t length) { return new simdjson_peer(bytes, length); }

extern "C" int peer_simdjson_parse(void *peer) {
  simdjson_peer *p = static_cast<simdjson_peer *>(peer);
  simdjson::dom::element element;
  return p->parser.parse(p->input).get(element) == simdjson::SUCCESS;
}

extern "C" void peer_simdjson_free(void *peer) { delete static_cast<simdjson_peer *>(peer); }

extern "C" const char *peer_simdjson_kernel(void) {
  static std::string name;
  simdjson_peer peer("[]", 2);
  peer_simdjson_parse(&peer);  // the kernel is chosen with the first use
  name = simdjson::get_active_implementation()->name();
  return name.c_str();
}

extern "C" void *peer_rapidjson_parse(const char *text, size_t length) {
  rapidjson::Document *document = new rapidjson::Document;
  document->Parse(text, length);
  if (!document->HasParseError()) return document;
  delete document;
  return nullptr;
}

extern "C" void peer_rapidjson_free(void *document) { delete static_cast<rapidjson::Document *>(document); }

namespace {

struct simdjson_messages {
  simdjson::dom::parser parser;
  std::vector<simdjson::padded_string> inputs;
};

}  // namespace

extern "C" void *peer_messages_new(void) { return new simdjson_messages; }

extern "C" void peer_messages_add(void *peer, const char *bytes, size_t length) {
  static_cast<simdjson_messages *>(peer)->inputs.emplace_back(bytes, length);
}

extern "C" size_t peer_messages_parse(void *peer) {
  simdjson_messages *p = static_cast<simdjson_messages *>(peer);
  size_t parsed = 0;
  for (const simdjson::padded_string &input : p->inputs) {
    simdjson::dom::element element;
    parsed += p->parser.parse(input).get(element) == simdjson::SUCCESS;
  }
  return parsed;
}

extern "C" void peer_messages_free(void *peer) { delete static_cast<simdjson_messages *>(peer); }
