#pragma once
// What can happen to a correct program is a value; what can't is a bug and stops the process.
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace lethe {

template <class T>
using Result = boost::system::result<T>;
using boost::system::error_code;

}  // namespace lethe
