<?php
class Contact extends CI_Controller {
  function index() {
    $this->email->from('a@example.com');
    $this->email->to($this->input->post('to'));
    $this->email->message($this->input->post('text'));
    $this->email->send();
  }
}
