#pragma once
// The other end of a client's connections: a WebSocket peer on loopback that follows a script, step by step, on a thread of
// its own. A step that does not happen ends the script with an exception, which failure() tells.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include <lethe/client/messages.hpp>

namespace lethe::client::samples {

// One connection, accepted and upgraded. Every call blocks; they throw when the client is gone.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void say(const nlohmann::json& message) = 0;
  virtual void say(const Bytes& records) = 0;
  virtual nlohmann::json hear_json() = 0;  // the next message, which must be a text
  virtual Bytes hear_records() = 0;        // the next message, which must be binary
  virtual void close(unsigned code = 1000) = 0;
  virtual bool client_is_gone() = 0;       // waits for the next message; true if the connection ended instead
};

class ScriptedRelay {
 public:
  using Script = std::function<void(ScriptedRelay&)>;

  // Listens on a free port of loopback before it returns; then runs the script.
  explicit ScriptedRelay(Script script);
  ~ScriptedRelay();  // cuts what is open

  std::uint16_t port() const;
  std::unique_ptr<Peer> accept();
  void refuse(unsigned status, const std::string& retry_after);  // answers one upgrade with this
  bool is_finished() const { return finished_; }
  const std::string& failure() const { return failure_; }  // when finished; empty: all steps happened

 private:
  struct Sockets;
  std::unique_ptr<Sockets> sockets_;
  std::string failure_;
  std::atomic<bool> finished_ = false;
  std::thread thread_;
};

}  // namespace lethe::client::samples
