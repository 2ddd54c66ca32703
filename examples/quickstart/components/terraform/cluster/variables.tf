variable "tenant" {
  type        = string
  description = "Who owns it: plat."
}

variable "environment" {
  type        = string
  description = "Short name of the region: ue2."
}

variable "stage" {
  type        = string
  description = "dev, staging or prod."
}

variable "region" {
  type        = string
  description = "Where it is: us-east-2."
}

variable "cluster_version" {
  type        = string
  description = "Version that the cluster runs: 1.31."
}

variable "size" {
  type        = number
  description = "Number of nodes."
}

variable "network_cidr" {
  type        = string
  description = "Addresses of the network that the cluster is in."
}

variable "endpoint_mode" {
  type        = string
  description = "What the endpoint is made of: \"name\", or \"address\" in the network."
  default     = "name"

  validation {
    condition     = contains(["name", "address"], var.endpoint_mode)
    error_message = "It can be \"name\" or \"address\"."
  }
}
